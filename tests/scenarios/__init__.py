"""What must hold on every platform: functions that take a platform and raise where it does not hold.

``tests/platform/test_<simulator>.py`` calls them by name; a new simulator needs a new file there and nothing here.
"""

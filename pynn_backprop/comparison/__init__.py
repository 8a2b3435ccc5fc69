"""The same network on several platforms, spike by spike."""

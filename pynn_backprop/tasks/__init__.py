"""Small tasks for graded circuits."""

"""What every room may use and that itself imports no room."""

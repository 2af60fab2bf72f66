"""Reading what others deliver and writing what others need."""

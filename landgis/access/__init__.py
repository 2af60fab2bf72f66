"""Who may do what, and where: the one place in which rights are decided."""

"""标准地 milestones: planned and actual, promised and reached, judged and confirmed."""

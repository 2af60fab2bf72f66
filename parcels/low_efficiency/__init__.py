"""The 高耗低效 list: firms found by dated rules, filed, listed, followed week by week, and closed step by step."""

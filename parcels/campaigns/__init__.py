"""The two campaigns: remediation of inefficient land (整治提升) and revitalisation of stock land (盘活), each a ledger."""

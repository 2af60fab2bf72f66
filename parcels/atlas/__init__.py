"""Maps and plots of the per-mu evaluation, with the tables behind them. Refuses to compute an indicator anew."""

"""The screens of the yearly evaluation: schemes, runs, firms, objections and tables."""

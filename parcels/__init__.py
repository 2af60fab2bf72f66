"""The business of the bureau: cadastre, enterprises, supply, evaluation and idle land."""

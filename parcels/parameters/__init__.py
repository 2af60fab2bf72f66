"""The county's dated parameters on screen: read by the bureau, succeeded on a document, tried before they hold."""

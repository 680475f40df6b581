"""LINE Login: the consent page, tokens, and what a token may ask."""

"""A user's own text becomes words: its bytes are decoded, the text is cut up, each word made clean, all of it told."""

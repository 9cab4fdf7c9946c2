"""The nouns: frozen values with no behaviour from outside."""

"""One file a brand: its addresses, claims and quirks."""

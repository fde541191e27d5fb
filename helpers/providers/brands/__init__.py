"""One file a brand: its addresses, claims and quirks; `routes` are the endpoints it alone has."""

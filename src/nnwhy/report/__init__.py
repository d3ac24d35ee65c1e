"""Facts as text. Nothing here knows how a fact was found."""

"""Networks that come with nnwhy, written as a user would write them."""

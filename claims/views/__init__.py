"""The public pages. Each starts from `published()`; a draft answers as if it did not exist."""

"""The desk's forms for claims: little is asked, the rest is proposed from the captured text, and no words are lost."""

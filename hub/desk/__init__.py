"""The content desk: where staff write, look at, publish and take back what a course or an article says.

An app gives the shape of its words, its list and its preview; the rest is here.

shapes      what the words of a work are made of, as staff see them: heads, and sorts of pieces
boxes       a piece as a form: drawn from the schema, read back, told what is wrong
comparing   two editions side by side
pages       a staff page of ours inside Django's, behind the same door
listing, writing, publishing, showing    the desk itself; content.ContentDesk is all four
"""

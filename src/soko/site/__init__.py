"""The school's public site: documents of the public edition as a folder of pages that needs no server and no network.

``publish`` is the way in; ``gather`` says what of a period leaves; ``pages`` and ``front`` write the pages in the frame
of ``look``; ``search`` and ``forms`` make the index of the search; ``release`` lists what the folder holds, ``target``
says whether it may be replaced; ``rooms`` asks the rooms that make, scan and register.
"""

"""Invented names and texts. They are made up on the spot; e-mail addresses end in .example, numbers in 555-01xx."""

FIRM = "Fernhollow & Quill Law"
CITY, PROVINCE, COUNTRY = "Otterbrook", "ON", "Canada"

FIRST_NAMES = [
    "Alba",
    "Bram",
    "Calla",
    "Dorian",
    "Edda",
    "Fenn",
    "Greta",
    "Halden",
    "Isolde",
    "Jorin",
    "Kestrel",
    "Liv",
    "Marlow",
    "Nessa",
    "Orrin",
    "Petra",
    "Quillon",
    "Rhea",
    "Soren",
    "Tamsin",
    "Ulla",
    "Veda",
    "Wynn",
    "Xanthe",
    "Yorick",
    "Zelda",
]
LAST_NAMES = [
    "Ambervale",
    "Birchley",
    "Copperfen",
    "Dunmarsh",
    "Eaveshill",
    "Fallowmere",
    "Grimsdyke",
    "Hollowell",
    "Inkpenny",
    "Juniper",
    "Kettlewick",
    "Larkenby",
    "Mossgrove",
    "Nettlecombe",
    "Oakhanger",
    "Pebblesworth",
    "Quarrington",
    "Rushbeck",
    "Saltmarsh",
    "Thistledown",
    "Underbough",
    "Vinterly",
    "Wickerham",
    "Yarrowby",
]
COMPANY_STEMS = [
    "Thimblewick",
    "Mossgrove",
    "Larkspur",
    "Puddlestone",
    "Bramblegate",
    "Cinderford",
    "Dapplewood",
    "Eelmarsh",
    "Foxglove",
    "Gorsebank",
    "Hazelrigg",
    "Ivywater",
    "Jackdaw",
    "Kingcup",
    "Lambswool",
    "Marrowby",
    "Nightjar",
    "Ottersley",
    "Plumstead",
    "Quenchford",
    "Rooksnest",
    "Starling",
    "Teasel",
    "Umberhill",
    "Vetchling",
    "Wigeon",
]
COMPANY_TRADES = (
    "Bakery",
    "Ironworks",
    "Ferries",
    "Orchards",
    "Joinery",
    "Kites",
    "Lanterns",
    "Mills",
    "Pottery",
    "Ropeworks",
    "Seeds",
    "Umbrellas",
)
COMPANY_ENDINGS = ("Ltd", "Inc.", "& Daughters", "Co-op")
VENDORS = (
    "Otterbrook County Court",
    "Swiftfoot Process Servers",
    "Marginalia Transcripts",
    "Plainhand Copying",
    "Land Registry of Otterbrook",
    "Brightside Expert Reports",
)
STREETS = ("Heron Lane", "Quay Street", "Lantern Row", "Mill Rise", "Cobbler's Yard", "Sparrow Hill")
MATTERS = (
    "Lease",
    "Estate",
    "Boundary",
    "Harbour",
    "Purchase",
    "Licence",
    "Partnership",
    "Appeal",
    "Merger",
    "Easement",
)

# Name, Xero account code that the firm keeps in Clio (or none), what is written in notes.
SERVICES: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
    ("Legal advice", None, ("Advice on the draft agreement", "Call with the client about terms")),
    ("Drafting", "201", ("Drafted the statement of claim", "Revised the lease, second round")),
    ("Research", None, ("Looked into limitation periods", "Case law on implied terms")),
    ("Court appearance", "201", ("Attended the motion", "Case conference")),
    ("Correspondence", None, ("Letter to the other side", "E-mails about disclosure")),
)
# Name, kind of entry, Xero account code that the firm keeps in Clio (or none).
EXPENSES: tuple[tuple[str, str, str | None], ...] = (
    ("Court filing fees", "hard_cost", "427"),
    ("Process server", "hard_cost", None),
    ("Transcripts", "hard_cost", "427"),
    ("Copies and printing", "soft_cost", None),
    ("Courier", "unassociated", "427"),
    ("Travel", "unassociated", None),
)
LONG_NOTE = (
    "Reviewed the whole file with the client, page by page: the correspondence since the first meeting, the two "
    "earlier drafts, the surveyor's letter and the reply to it. "
)

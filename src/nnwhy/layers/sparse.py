"""Cards of the lookup tables: a whole number becomes a learned vector."""

from __future__ import annotations

from nnwhy.layers.writing import mirror, module, paper

NEIGHBOURS = """
| layer | input | output | use it |
|---|---|---|---|
| Embedding | ids of any shape | one vector for each id | words, users, categories, positions |
| EmbeddingBag | lists of ids | one vector for each list | bags of words, where order does not matter; saves memory |
| F.one_hot, then Linear | ids | the same numbers | to see what an embedding is; slow and large |
| Linear | numbers, not ids | one vector for each vector | when the input is measured, not named |
"""

TABLE = """
num_embeddings | number of rows: the largest id is num_embeddings − 1 | more ids, more weights
embedding_dim | length of each vector | more can be said about each id; more weights
"""
NORMS = """
max_norm = None | where given, looked-up rows with a larger norm are shrunk to it, in place | looser limit
norm_type = 2.0 | which norm max_norm means | nearer to the largest entry
scale_grad_by_freq = False | whether to divide each row's gradient by how often its id is in the batch
"""
SPARSE = (
    "sparse = False | whether the weight's gradient is sparse: only SGD, SparseAdam and Adagrad take that"
)
GIVEN = "_weight = None | the table itself, instead of a random one; `from_pretrained` uses it"

EMBEDDING = module(
    "Embedding",
    "sparse",
    sentence="Replaces each id by the row of that number in a learned table.",
    here="looks up a vector of {embedding_dim} numbers for each of {num_embeddings} ids",
    data="""Whole numbers of any shape (*) become (*, embedding_dim). Each id is looked up on its own: nothing is mixed. The table is
        shared by all positions; only rows that were looked up get a gradient.""",
    why="""Ids are names: 7 is not larger than 3 in any sense that matters. A vector for each lets the network learn which are alike.
        It is the same as a Linear without bias on one-hot vectors, without making those.""",
    arguments=f"""
        {TABLE}
        padding_idx = None | an id whose row starts as zeros and is never trained, for filling up short sequences
        {NORMS}
        {SPARSE}
        {GIVEN}
        _freeze = False | whether the table is kept from training
    """,
    shape="embedding",
    shape_note="(*) → (*, embedding_dim)",
    modes="The same; with max_norm each call changes the table, in evaluation too.",
    initialisation="Each number from the normal distribution N(0, 1); the row of padding_idx is zero.",
    parameters="num_embeddings · embedding_dim",
    multiply_adds="0: it only reads",
    pitfalls="""
        An id below 0 or from num_embeddings on is an error; on a GPU it comes later and elsewhere | embedding-index
        Ids must be whole numbers (int64 or int32): floats are refused | embedding-index
        Count the padding and unknown ids too: vocabulary + 2 rows | embedding-index
        padding_idx does not make the network ignore the position: attention and means still see it
    """,
    neighbours=NEIGHBOURS,
    references=(
        paper(
            "Efficient Estimation of Word Representations in Vector Space",
            "Mikolov, Chen, Corrado, Dean",
            2013,
            "1301.3781",
        ),
    ),
    reference="sparse.embedding",
)

EMBEDDING_BAG = module(
    "EmbeddingBag",
    "sparse",
    sentence="Looks up the vectors of a list of ids and gives their mean, sum or maximum.",
    here="{mode:if|@ of }the vectors of each list of ids ({num_embeddings} ids, {embedding_dim} numbers each)",
    data="""(N, L) ids, or a flat list of ids with the offset at which each list begins, become (N, embedding_dim). Within a list the vectors are
        mixed and their order is lost; lists are kept apart; the table is shared.""",
    why="The mean of a text's word vectors is a good first guess at its content; here the single vectors are never stored.",
    arguments=f"""
        {TABLE}
        {NORMS}
        mode = 'mean' | 'mean', 'sum' or 'max' of a list's vectors
        {SPARSE}
        {GIVEN}
        include_last_offset = False | whether the offsets end with the total length, as in the CSR format
        padding_idx = None | an id that is left out of the mean, sum or maximum, and is never trained
    """,
    shape="embedding_bag",
    shape_note="(N, L), or (total) with N offsets → (N, embedding_dim)",
    modes="The same; with max_norm each call changes the table, in evaluation too.",
    initialisation="Each number from the normal distribution N(0, 1); the row of padding_idx is zero.",
    parameters="num_embeddings · embedding_dim",
    multiply_adds="0; (number of ids) · embedding_dim additions",
    pitfalls="""
        Offsets are where lists begin, not how long they are
        Order is lost: "dog bites man" and "man bites dog" are the same
        An empty list gives zeros
        An id outside the table is an error | embedding-index
    """,
    neighbours=NEIGHBOURS,
    references=(
        paper(
            "Bag of Tricks for Efficient Text Classification",
            "Joulin, Grave, Bojanowski, Mikolov",
            2016,
            "1607.01759",
        ),
    ),
    reference="sparse.embedding_bag",
)

F_EMBEDDING = mirror(
    "torch.nn.functional.embedding",
    EMBEDDING,
    here="looks up the given table's row for each id",
    arguments=f"""
        input | the ids, whole numbers of any shape
        weight | the table: (num_embeddings, embedding_dim)
        padding_idx = None | an id whose row gets no gradient
        {NORMS}
        {SPARSE}
    """,
)
F_EMBEDDING_BAG = mirror(
    "torch.nn.functional.embedding_bag",
    EMBEDDING_BAG,
    here="the {mode} of the given table's rows for each list of ids",
    arguments=f"""
        input | the ids: (N, L), or flat with offsets
        weight | the table: (num_embeddings, embedding_dim)
        offsets = None | where each list begins in a flat input
        {NORMS}
        mode = 'mean' | 'mean', 'sum' or 'max'
        {SPARSE}
        per_sample_weights = None | a weight for each id, with mode 'sum' only | that id counts more
        include_last_offset = False | whether the offsets end with the total length
        padding_idx = None | an id that is left out
    """,
)

"""Cards of the layers that compare two vectors."""

from __future__ import annotations

from nnwhy.layers.writing import mirror, module

NEIGHBOURS = """
| layer | compares | gives | use it |
|---|---|---|---|
| CosineSimilarity | pairs of vectors | −1 … 1, by direction alone | embeddings whose length means nothing |
| PairwiseDistance | pairs of vectors | 0 …, the norm of the difference | embeddings whose place means something |
| cdist | every vector of one set with every one of another | a matrix of distances | nearest neighbours |
| matmul of normalised vectors | the same | a matrix of cosines | contrastive losses |
"""

COSINE_SIMILARITY = module(
    "CosineSimilarity",
    "distance",
    sentence="The cosine of the angle between two vectors: 1 for the same direction, 0 for a right angle, −1 for opposite.",
    here="cosine between pairs of vectors along axis {dim}",
    data="Two tensors of one (or broadcast) shape; axis dim is summed away. All other positions are kept apart.",
    why="Whether two embeddings mean the same is often in their direction, while the length says how common or sure it is.",
    arguments="dim = 1 | the axis of the vectors\neps = 1e-08 | the smallest length to divide by | safer for tiny vectors",
    shape="cosine_similarity",
    shape_note="the broadcast shape without axis dim",
    modes="The same.",
    parameters="0",
    multiply_adds="3 for each value",
    pitfalls="""
        dim is 1 by default, not the last axis: for (N, L, E) give dim=-1
        It compares pairs: for every vector with every other normalise and multiply the matrices
    """,
    neighbours=NEIGHBOURS,
    formula="x1·x2 / (max(‖x1‖, eps)·max(‖x2‖, eps))",
    reference="distance.cosine_similarity",
)
PAIRWISE_DISTANCE = module(
    "PairwiseDistance",
    "distance",
    sentence="The distance between two vectors: the p-norm of their difference.",
    here="{p:unless 2|@-norm }distance between pairs of vectors",
    data="(N, D) and (N, D) become (N): the last axis is summed away. Pairs are kept apart.",
    why="It says how far apart two embeddings are.",
    arguments="p = 2.0 | which norm: 1 adds differences, 2 is the usual distance | nearer to the largest difference\neps = 1e-06 | added to each difference, so that the gradient exists at 0 | less exact\nkeepdim = False | whether the axis stays, with size 1",
    shape="pairwise_distance",
    shape_note="the shape without the last axis",
    modes="The same.",
    parameters="0",
    multiply_adds="about 1 for each value",
    pitfalls="""
        It compares pairs, in spite of its name: cdist compares every vector with every other
        eps is added to the difference, so equal vectors are not quite 0 apart
    """,
    neighbours=NEIGHBOURS,
    formula="(Σ |x1 − x2 + eps|ᵖ)^(1/p)",
    reference="distance.pairwise_distance",
)

FUNCTIONS = (
    mirror("torch.nn.functional.cosine_similarity", COSINE_SIMILARITY, inputs="x1 | one\nx2 | the other"),
    mirror("torch.nn.functional.pairwise_distance", PAIRWISE_DISTANCE, inputs="x1 | one\nx2 | the other"),
)

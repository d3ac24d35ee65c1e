"""Cards of attention and of the transformer layers made of it."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import function, module, paper

VASWANI = paper("Attention Is All You Need", "Vaswani and others", 2017, "1706.03762")
XIONG = paper(
    "On Layer Normalization in the Transformer Architecture", "Xiong and others", 2020, "2002.04745"
)

NEIGHBOURS = """
| layer | what it is | use it |
|---|---|---|
| scaled_dot_product_attention | the attention itself, no weights | your own layer around it; fast kernels |
| MultiheadAttention | attention in several heads, with projections | as a part |
| TransformerEncoderLayer | self-attention, then a small network, each with a shortcut | one block that reads |
| TransformerEncoder | a stack of those | BERT-like reading; with a causal mask, GPT-like writing |
| TransformerDecoderLayer | self-attention, attention to what was read, then a small network | one block that writes |
| TransformerDecoder | a stack of those | the writing half of translation |
| Transformer | an encoder and a decoder | translation; no embeddings, no positions, no output layer |
| LSTM, GRU | one step after another | little data, streams, long sequences at little memory |
"""

FEED = (
    "dim_feedforward = 2048 | width of the small network's middle | more weights, does more at each position"
)
BLOCK = f"""
    d_model | length of each position's vector | more can be said at each position; weights grow with its square
    nhead | number of heads; must divide d_model | more ways to look at once, each with shorter vectors
    {FEED}
    dropout = 0.1 | probability to zero values after each part and within attention, in training | more noise
    activation = relu | 'relu', 'gelu' or a function, in the small network
    layer_norm_eps = 1e-05 | eps of the layer normalisations | safer, less exact
    batch_first = False | whether tensors are (N, L, d_model) and not (L, N, d_model)
    norm_first = False | whether to normalise before each part and not after: trains more easily when deep
    bias = True | whether linear layers and normalisations have biases
"""
WHY = """Any position may matter to any other. Attention lets each take what it needs from all others in one step, wherever they are, and all positions are computed
    at once, where a recurrent layer must go step by step (Vaswani et al. 2017)."""
ORDER = "The batch is at axis 1 unless batch_first=True; a swap mixes sentences, silently where sizes allow | attention-shape"
HEADS = "nhead must divide d_model: an error when the layer is made | attention-shape"
POSITIONS = "It has no idea of order: add positions to the input"
MASKS = "In a boolean mask here True means *may not* be looked at; in F.scaled_dot_product_attention True means may | attention-shape"
ATTENTION_COST = "4·L·d² for the projections of a sequence of L, and 2·L²·d for the attention itself"

MULTIHEAD_ATTENTION = module(
    "MultiheadAttention",
    "transformer",
    sentence="Each position asks all others (query and key) and takes a weighted mean of what they offer (value), in several heads at once.",
    here="{num_heads} heads over {embed_dim} numbers a position: each takes a mean of the others",
    data="""query (L, N, E), key and value (S, N, E) become (L, N, E), and the mean attention weights (N, L, S). Each query position mixes all S positions, by weights that come
        from the data; each head works on E/num_heads numbers; a projection mixes the heads. Samples are kept apart.""",
    why=f"{WHY} One head gives one mean; several can look at different things.",
    arguments="""
        embed_dim | length of each position's vector | more weights, with its square
        num_heads | number of heads; must divide embed_dim | more ways to look, each with shorter vectors
        dropout = 0.0 | probability to zero attention weights, in training | more noise
        bias = True | whether the projections have biases
        add_bias_kv = False | whether a learned extra position is added to keys and values
        add_zero_attn = False | whether a position of zeros is added, so that a query may look at nothing
        kdim = None | length of the keys' vectors, where it is not embed_dim
        vdim = None | length of the values' vectors, where it is not embed_dim
        batch_first = False | whether tensors are (N, L, E) and not (L, N, E)
    """,
    shape="multi_head_attention_forward",
    shape_note="output: the query's shape; weights (N, L, S), or (N, num_heads, L, S) with average_attn_weights=False",
    modes="The same, but for dropout of the attention weights in training.",
    initialisation="Input projections Xavier uniform, biases 0; the output projection as Linear, its bias 0.",
    parameters="4·embed_dim² + 4·embed_dim if bias, where kdim and vdim are not given",
    multiply_adds=f"for each sample {ATTENTION_COST}",
    pitfalls=f"""
        embed_dim must be a multiple of num_heads | attention-shape
        It returns a pair (output, weights): in nn.Sequential the next layer gets the pair
        {ORDER}
        {MASKS}
        {POSITIONS}
        A row whose every key is masked gives NaN
    """,
    neighbours=NEIGHBOURS,
    references=(VASWANI,),
    formula="head_i = softmax(Q_i·K_iᵀ/√(E/heads) + mask)·V_i; output = (all heads side by side)·W_oᵀ + b_o",
    reference="transformer.multihead_attention",
    aliases=("multi_head_attention_forward",),
)


def block(
    name: str, *, sentence: str, here: str, data: str, why: str, formula: str, parameters: str, decoder: bool
) -> Card:
    """The card of an encoder or decoder layer."""
    return module(
        name,
        "transformer",
        sentence=sentence,
        here=here,
        data=data,
        why=why,
        arguments=BLOCK,
        shape="transformer_layer",
        shape_note=f"the {'target' if decoder else 'input'}'s shape",
        modes="In training, dropout at three places or more; in evaluation none, and a fused fast path may be taken.",
        initialisation="As its MultiheadAttention, Linear and LayerNorm.",
        parameters=parameters,
        multiply_adds=f"for each sample {ATTENTION_COST}{' (twice)' if decoder else ''}, and 2·L·d·dim_feedforward",
        pitfalls=f"""
            {HEADS}
            {ORDER}
            {MASKS}
            {POSITIONS}
            {"Without tgt_mask a position sees those it has to predict" if decoder else "To write from left to right, give a causal mask: without one every position sees the rest"}
        """,
        neighbours=NEIGHBOURS,
        references=(VASWANI, XIONG),
        formula=formula,
        reference=f"transformer.{'decoder_layer' if decoder else 'encoder_layer'}",
    )


ENCODER_LAYER = block(
    "TransformerEncoderLayer",
    sentence="One transformer block: self-attention, then a small network at each position, each added to its input and normalised.",
    here="self-attention{nhead:if| in @ heads}, then a small network, each with a shortcut",
    data="""(L, N, d_model), kept. Attention mixes positions; the small network mixes each position's numbers, the same for all positions; samples are kept apart.""",
    why=f"{WHY} The shortcut around each part lets gradients through many blocks.",
    formula="x = norm1(x + attention(x)); x = norm2(x + W2·relu(W1·x)); with norm_first: x = x + attention(norm1(x)); x = x + W2·relu(W1·norm2(x))",
    parameters="with bias 4·d² + 4·d (attention) + 2·d·dim_feedforward + dim_feedforward + d (network) + 4·d (normalisations), d = d_model",
    decoder=False,
)
DECODER_LAYER = block(
    "TransformerDecoderLayer",
    sentence="One decoder block: attention to itself, attention to what the encoder read (memory), then a small network, each with a shortcut and normalisation.",
    here="attention to itself, then to the memory{nhead:if|, in @ heads}, then a small network",
    data="""target (T, N, d_model), kept, and memory (S, N, d_model). Attention mixes target positions with one another, then each with all of memory; the small network mixes each
        position's numbers; samples are kept apart.""",
    why="What is written depends on what was written before and on what was read: an attention for each.",
    formula="x = norm1(x + attention(x, x)); x = norm2(x + attention(x, memory)); x = norm3(x + W2·relu(W1·x)); norm_first moves each norm to the input of its part",
    parameters="with bias 8·d² + 8·d (two attentions) + 2·d·dim_feedforward + dim_feedforward + d (network) + 6·d (normalisations)",
    decoder=True,
)


def stack(kind: str, layer: str, extra: str) -> Card:
    """The card of TransformerEncoder or TransformerDecoder."""
    return module(
        f"Transformer{kind}",
        "transformer",
        sentence=f"A stack of {layer}s, each with its own weights, and a normalisation at the end if given.",
        here="{num_layers} blocks, one after another",
        data=f"As {layer}, over and over: the shape is kept.",
        why="One block combines what is one step away; several combine combinations.",
        arguments=f"""
            {kind.lower()}_layer | the block; it is copied num_layers times, first weights and all
            num_layers | number of blocks | deeper: can do more, costs more, in proportion
            norm = None | a normalisation after the last block; wanted with norm_first=True
            {extra}
        """,
        shape="transformer_layer",
        shape_note="the input's shape" if kind == "Encoder" else "the target's shape",
        modes="As its blocks.",
        initialisation="Every block starts with the very weights of the one that was given: initialise anew to have them differ.",
        parameters="num_layers times those of a block, and those of norm",
        multiply_adds="num_layers times those of a block",
        pitfalls=f"""
            All blocks start alike, since they are copies
            {ORDER}
            {POSITIONS}
        """,
        neighbours=NEIGHBOURS,
        references=(VASWANI,),
        formula=f"x = layer_n(… layer_2(layer_1(x))), then norm(x) if given: see {layer}",
    )


ENCODER = stack(
    "Encoder",
    "TransformerEncoderLayer",
    """enable_nested_tensor = True | whether evaluation skips padded positions, in the fast path
            mask_check = True | whether masks are checked before that""",
)
DECODER = stack("Decoder", "TransformerDecoderLayer", "")

TRANSFORMER = module(
    "Transformer",
    "transformer",
    sentence="An encoder that reads a source and a decoder that writes a target, as in 'Attention Is All You Need', without embeddings and output layer.",
    here="an encoder reads, a decoder writes{nhead:if|: @ heads}{d_model:if| over @ numbers}",
    data="""source (S, N, d_model) and target (T, N, d_model) become (T, N, d_model). The encoder mixes source positions; the decoder mixes target positions, and each with all of the
        source. Samples are kept apart.""",
    why=f"{WHY} It was made for translation.",
    arguments=f"""
        d_model = 512 | length of each position's vector | more can be said; weights grow with its square
        nhead = 8 | number of heads; must divide d_model | more ways to look, each with shorter vectors
        num_encoder_layers = 6 | blocks that read | deeper
        num_decoder_layers = 6 | blocks that write | deeper
        {FEED}
        dropout = 0.1 | probability to zero values, in training | more noise
        activation = relu | 'relu', 'gelu' or a function
        custom_encoder = None | your own encoder in its place
        custom_decoder = None | your own decoder in its place
        layer_norm_eps = 1e-05 | eps of the layer normalisations | safer, less exact
        batch_first = False | whether tensors are (N, L, d_model) and not (L, N, d_model)
        norm_first = False | whether to normalise before each part and not after
        bias = True | whether linear layers and normalisations have biases
    """,
    shape="transformer",
    shape_note="the target's shape",
    modes="As its blocks: dropout in training.",
    initialisation="Xavier uniform for every weight of two axes or more.",
    parameters="those of its blocks, and two normalisations of 2·d_model",
    multiply_adds="those of its blocks",
    pitfalls=f"""
        {HEADS}
        {ORDER}
        {POSITIONS}
        Without tgt_mask (generate_square_subsequent_mask) each target position sees those it has to predict
        It ends in vectors, not words: a Linear to the vocabulary is yours
    """,
    neighbours=NEIGHBOURS,
    references=(VASWANI,),
    formula="decoder(target, encoder(source)): see TransformerEncoderLayer and TransformerDecoderLayer, whose references are the arithmetic",
)

SCALED_DOT_PRODUCT_ATTENTION = function(
    "torch.nn.functional.scaled_dot_product_attention",
    "transformer",
    sentence="For each query, a mean of the values, weighted by how well the query fits each key: softmax(Q·Kᵀ/√E)·V.",
    here="each query takes a mean of the values, weighted by its fit to the keys{is_causal:if|, causal}",
    data="""query (N, …, L, E), key (N, …, S, E), value (N, …, S, Ev) become (N, …, L, Ev). Each query position mixes all S value positions; heads and samples (the axes before) are
        kept apart. No weights.""",
    why=f"{WHY} Divided by √E, so that the softmax is not driven to its ends by long vectors.",
    arguments="""
        query | (N, …, L, E)
        key | (N, …, S, E)
        value | (N, …, S, Ev)
        attn_mask = None | boolean, True where looking is allowed; or numbers that are added to the scores
        dropout_p = 0.0 | probability to zero attention weights; applied in evaluation too | more noise
        is_causal = False | whether position i sees only positions up to i
        scale = None | what scores are multiplied by; None means 1/√E | sharper choice
        enable_gqa = False | whether fewer key and value heads serve groups of query heads
    """,
    shape="scaled_dot_product_attention",
    shape_note="(N, …, L, Ev)",
    modes="The same: dropout_p knows nothing of `eval()`.",
    parameters="0",
    multiply_adds="for each head L·S·(E + Ev)",
    pitfalls="""
        dropout_p stays on in evaluation: give `self.dropout if self.training else 0.0` | dropout-always-on
        True in a mask means may be looked at, the opposite of MultiheadAttention | attention-shape
        Heads stand before positions: (N, heads, L, E), so transpose before and after | attention-shape
        A row whose every key is masked gives zeros or NaN, by kernel and version
    """,
    neighbours=NEIGHBOURS,
    references=(VASWANI, paper("FlashAttention", "Dao, Fu, Ermon, Rudra, Ré", 2022, "2205.14135")),
    formula="softmax(Q·Kᵀ·scale + mask)·V",
    reference="transformer.scaled_dot_product_attention",
)

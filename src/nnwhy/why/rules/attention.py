"""Attention as one function."""

from __future__ import annotations

from nnwhy.facts.expression import Expression, add
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.rules.broadcasting import aligned
from nnwhy.why.site import Site


@rule("scaled_dot_product_attention")
def scaled_dot_product_attention(site: Site) -> tuple[Axis, ...]:
    """query (…, L, E), key (…, S, E), value (…, S, V) → (…, L, V): for each query one mix of the values.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
    """
    query, key, value = (site.sizes(name) for name in ("query", "key", "value"))
    batch = query[:-2] if site.flag("enable_gqa") else aligned([query[:-2], key[:-2], value[:-2]])
    return (*batch, query[-2], value[-1])


@rule("multi_head_attention_forward")
def multi_head_attention(site: Site) -> list[Sizes]:
    """query (L, batch, E), key (S, batch, E) → the output (L, batch, E) and the weights (batch, L, S), one more axis a head.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
    """
    query, key = site.sizes("query"), site.sizes("key")
    added = int(site.has("bias_k")) + int(site.flag("add_zero_attn"))
    source: Expression = add(site.sizes("static_k")[1] if site.has("static_k") else key[0], added)
    batch = query[1:-1]
    heads = () if site.flag("average_attn_weights", True) else (site.number("num_heads"),)
    features = site.sizes("out_proj_weight")[0]
    return [(*query[:-1], features), (*batch, *heads, query[0], source)]

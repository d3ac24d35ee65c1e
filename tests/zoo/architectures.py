"""Architectures of transformers in small configurations, with random weights."""

from __future__ import annotations

from typing import Any

import torch
import transformers
from torch import nn

TEXT = {
    "vocab_size": 99, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 36,
    "max_position_embeddings": 64,
}  # fmt: skip
GROUPED = {**TEXT, "num_key_value_heads": 2, "pad_token_id": 0}
SEEN = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 36, "image_size": 32,
    "patch_size": 8, "num_channels": 3,
}  # fmt: skip
BOTH_SIDES = {
    "vocab_size": 99, "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
    "decoder_attention_heads": 4, "encoder_ffn_dim": 36, "decoder_ffn_dim": 36, "max_position_embeddings": 64,
    "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 2,
}  # fmt: skip
STAGED = {"depths": [1, 1], "hidden_sizes": [8, 16], "num_channels": 3}
HEARD = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 36, "conv_dim": (16, 16),
    "conv_stride": (3, 2), "conv_kernel": (5, 3), "num_conv_pos_embeddings": 16, "num_conv_pos_embedding_groups": 2,
    "vocab_size": 32, "num_feat_extract_layers": 2,
}  # fmt: skip


def tokens(length: int = 7) -> torch.Tensor:
    return (torch.arange(2 * length).reshape(2, length) * 7) % 90 + 3


def image(size: int = 32) -> torch.Tensor:
    return torch.linspace(0, 1, 2 * 3 * size * size).reshape(2, 3, size, size)


def reading() -> dict[str, Any]:
    return {"input_ids": tokens()}


def translating() -> dict[str, Any]:
    return {"input_ids": tokens(), "decoder_input_ids": tokens(5)}


def looking() -> dict[str, Any]:
    return {"pixel_values": image()}


def listening() -> dict[str, Any]:
    return {"input_values": torch.linspace(-1, 1, 2 * 400).reshape(2, 400)}


def looking_and_reading() -> dict[str, Any]:
    return {"input_ids": tokens(), "pixel_values": image()}


TOWERS = {
    "text_config": {**TEXT, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 98},
    "vision_config": SEEN,
}  # fmt: skip

# The configuration's name without "Config" → its numbers, the inputs, and the model's class where it is not the plain one.
ARCHITECTURES: dict[str, tuple[dict[str, Any], Any] | tuple[dict[str, Any], Any, str]] = {
    "Bert": (TEXT, reading),
    "Roberta": (TEXT, reading),
    "Albert": ({**TEXT, "embedding_size": 16}, reading),
    "Electra": ({**TEXT, "embedding_size": 16}, reading),
    "DistilBert": ({"vocab_size": 99, "dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 36}, reading),
    "Deberta": ({**TEXT, "relative_attention": True, "pos_att_type": ["c2p", "p2c"]}, reading),
    "DebertaV2": ({**TEXT, "relative_attention": True, "pos_att_type": ["c2p", "p2c"]}, reading),
    "MPNet": (TEXT, reading),
    "ConvBert": ({**TEXT, "embedding_size": 32}, reading),
    "FNet": ({**TEXT, "pad_token_id": 3}, reading),
    "Funnel": ({"vocab_size": 99, "block_sizes": [1, 1], "d_model": 32, "n_head": 4, "d_head": 8, "d_inner": 36}, reading, "FunnelModel"),
    "SqueezeBert": ({**TEXT, "embedding_size": 32}, reading),
    "MobileBert": (
        {**TEXT, "embedding_size": 32, "intra_bottleneck_size": 16, "num_feedforward_networks": 2}, reading,
    ),
    "ModernBert": ({**TEXT, "pad_token_id": 0, "cls_token_id": 1, "sep_token_id": 2}, reading),
    "XLM": ({"vocab_size": 99, "emb_dim": 32, "n_layers": 2, "n_heads": 4, "pad_index": 2}, reading),
    "XLNet": ({"vocab_size": 99, "d_model": 32, "n_layer": 2, "n_head": 4, "d_inner": 36}, reading),
    "GPT2": ({"vocab_size": 99, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64}, reading),
    "GPTNeo": (
        {"vocab_size": 99, "hidden_size": 32, "num_layers": 2, "num_heads": 4, "attention_types": [[["global", "local"], 1]],
         "max_position_embeddings": 64, "window_size": 4}, reading,
    ),
    "GPTNeoX": (TEXT, reading),
    "GPTJ": ({"vocab_size": 99, "n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 4, "n_positions": 64}, reading),
    "CodeGen": ({"vocab_size": 99, "n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 4, "n_positions": 64}, reading),
    "OPT": ({**TEXT, "ffn_dim": 36, "word_embed_proj_dim": 32}, reading),
    "Bloom": ({"vocab_size": 99, "hidden_size": 32, "n_layer": 2, "n_head": 4}, reading),
    "Falcon": (TEXT, reading),
    "Mpt": ({"vocab_size": 99, "d_model": 32, "n_layers": 2, "n_heads": 4, "max_seq_len": 64}, reading),
    "Llama": (GROUPED, reading, "LlamaForCausalLM"),
    "Mistral": (GROUPED, reading),
    "Mixtral": ({**GROUPED, "num_local_experts": 3, "num_experts_per_tok": 2}, reading),
    "Qwen2": (GROUPED, reading),
    "Qwen3": ({**GROUPED, "head_dim": 8}, reading),
    "Gemma": ({**GROUPED, "head_dim": 8}, reading),
    "Gemma2": ({**GROUPED, "head_dim": 8}, reading),
    "Phi": (GROUPED, reading),
    "Phi3": (GROUPED, reading),
    "Cohere": (GROUPED, reading),
    "StableLm": (GROUPED, reading),
    "Starcoder2": (GROUPED, reading),
    "Olmo": (GROUPED, reading),
    "Mamba": ({"vocab_size": 99, "hidden_size": 32, "num_hidden_layers": 2, "state_size": 4}, reading),
    "T5": (
        {"vocab_size": 99, "d_model": 32, "d_kv": 8, "d_ff": 36, "num_layers": 2, "num_heads": 4, "decoder_start_token_id": 0},
        translating,
    ),
    "Bart": (BOTH_SIDES, translating),
    "Marian": (BOTH_SIDES, translating),
    "Pegasus": (BOTH_SIDES, translating),
    "Blenderbot": (BOTH_SIDES, translating),
    "ViT": (SEEN, looking),
    "DeiT": (SEEN, looking),
    "Beit": (SEEN, looking),
    "Dinov2": ({**SEEN, "mlp_ratio": 2}, looking),
    "ViTMAE": ({**SEEN, "decoder_hidden_size": 16, "decoder_num_hidden_layers": 1, "decoder_num_attention_heads": 2}, looking),
    "Swin": ({"image_size": 32, "patch_size": 4, "embed_dim": 8, "depths": [2, 1], "num_heads": [2, 2], "window_size": 4}, looking),
    "ConvNext": ({**STAGED, "num_stages": 2}, looking),
    "ResNet": ({**STAGED, "embedding_size": 8}, looking),
    "RegNet": ({**STAGED, "embedding_size": 8, "groups_width": 8}, looking),
    "MobileNetV2": ({"image_size": 32, "depth_multiplier": 0.25}, looking),
    "MobileViT": (
        {"image_size": 32, "hidden_sizes": [16, 24, 32], "neck_hidden_sizes": [4, 8, 12, 16, 20, 24, 32],
         "num_attention_heads": 2}, looking,
    ),
    "Segformer": (
        {"num_encoder_blocks": 2, "depths": [1, 1], "sr_ratios": [2, 1], "hidden_sizes": [8, 16], "patch_sizes": [7, 3],
         "strides": [4, 2], "num_attention_heads": [1, 2], "mlp_ratios": [2, 2]}, looking,
    ),
    "PoolFormer": (
        {"depths": [1, 1], "hidden_sizes": [8, 16], "num_encoder_blocks": 2, "patch_sizes": [7, 3], "strides": [4, 2],
         "padding": [2, 1]}, looking,
    ),
    "CLIP": ({**TOWERS, "projection_dim": 16}, looking_and_reading),
    "Siglip": (TOWERS, looking_and_reading),
    "Wav2Vec2": (HEARD, listening),
    "Hubert": (HEARD, listening),
    "Whisper": (
        {**BOTH_SIDES, "num_mel_bins": 8, "max_source_positions": 10, "max_target_positions": 16},
        lambda: {"input_features": torch.linspace(0, 1, 2 * 8 * 20).reshape(2, 8, 20), "decoder_input_ids": tokens(5)},
    ),
    "Perceiver": (
        {"num_latents": 6, "d_latents": 32, "d_model": 32, "num_blocks": 1, "num_self_attends_per_block": 2,
         "num_self_attention_heads": 4, "num_cross_attention_heads": 4},
        lambda: {"inputs": torch.linspace(0, 1, 2 * 7 * 32).reshape(2, 7, 32)},
    ),
    "Informer": (
        {"prediction_length": 4, "context_length": 8, "lags_sequence": [1, 2], "d_model": 16, "encoder_layers": 1,
         "decoder_layers": 1, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "num_time_features": 1},
        lambda: {
            "past_values": torch.ones(2, 10), "past_time_features": torch.ones(2, 10, 1),
            "past_observed_mask": torch.ones(2, 10), "future_values": torch.ones(2, 4),
            "future_time_features": torch.ones(2, 4, 1),
        },
    ),
}  # fmt: skip


def build(name: str) -> tuple[nn.Module, dict[str, Any]]:
    """The architecture `name` in evaluation mode, and its inputs by keyword."""
    numbers, inputs, *rest = ARCHITECTURES[name]
    config = getattr(transformers, f"{name}Config")(**numbers)
    torch.manual_seed(0)
    if rest:
        net = getattr(transformers, rest[0])(config)
    else:
        net = transformers.AutoModel.from_config(config)
    return net.eval(), inputs()

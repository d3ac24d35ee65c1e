# needs: transformers accelerate
import tempfile

import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

torch.manual_seed(0)
config = BertConfig(
    vocab_size=50,
    hidden_size=16,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=32,
    max_position_embeddings=16,
)
model = BertForSequenceClassification(config)
rows = [
    {
        "input_ids": torch.randint(0, 50, (12,)),
        "attention_mask": torch.ones(12, dtype=torch.long),
        "labels": torch.tensor(i % 2),
    }
    for i in range(32)
]
args = TrainingArguments(
    tempfile.mkdtemp(),
    per_device_train_batch_size=4,
    num_train_epochs=1,
    report_to=[],
    use_cpu=True,
    save_strategy="no",
    eval_strategy="epoch",
    warmup_steps=2,
    disable_tqdm=True,
    gradient_accumulation_steps=2,
)
Trainer(model, args, train_dataset=rows, eval_dataset=rows).train()

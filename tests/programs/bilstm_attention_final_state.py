# Bi-LSTM with attention on movie sentences
import torch
import torch.nn as nn
import torch.nn.functional as F

embedding_dim = 8
n_hidden = 6
num_classes = 2


class BiLSTM_Attention(nn.Module):
    def __init__(self, vocab_size=40):
        super(BiLSTM_Attention, self).__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, n_hidden, bidirectional=True)
        self.out = nn.Linear(n_hidden * 2, num_classes)

    # lstm_output : [batch_size, n_step, n_hidden * num_directions(=2)]
    def attention_net(self, lstm_output, final_state):
        hidden = final_state.view(-1, n_hidden * 2, 1)  # [batch_size, n_hidden * 2, 1]
        attn_weights = torch.bmm(lstm_output, hidden).squeeze(2)
        soft_attn_weights = F.softmax(attn_weights, 1)
        context = torch.bmm(lstm_output.transpose(1, 2), soft_attn_weights.unsqueeze(2)).squeeze(2)
        return context, soft_attn_weights

    def forward(self, X):
        input = self.embedding(X)  # [batch_size, len_seq, embedding_dim]
        input = input.permute(1, 0, 2)
        output, (final_hidden_state, final_cell_state) = self.lstm(input)
        output = output.permute(1, 0, 2)
        attn_output, attention = self.attention_net(output, final_hidden_state)
        return self.out(attn_output), attention


if __name__ == "__main__":
    net = BiLSTM_Attention()
    scores, weights = net(torch.randint(0, 40, (6, 3)))
    print(scores.shape, weights.shape)

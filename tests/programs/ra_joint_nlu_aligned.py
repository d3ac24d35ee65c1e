import torch
import torch.nn as nn
import torch.nn.functional as F

args = {"embedding_size": 64, "hidden_size": 48, "slot_size": 22, "intent_size": 7, "batch": 6, "max_length": 15}


class Encoder(nn.Module):
    def __init__(self, input_size, embedding_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.embedding = nn.Embedding(input_size, embedding_size)
        self.lstm = nn.LSTM(embedding_size, hidden_size, batch_first=True, bidirectional=True)

    def forward(self, input):
        embedded = self.embedding(input)
        output, hidden = self.lstm(embedded)
        real_context = output[:, -1].unsqueeze(1)
        return output, real_context


class Decoder(nn.Module):
    """slot filling; intent from the first context"""

    def __init__(self, slot_size, intent_size, embedding_size, hidden_size):
        super(Decoder, self).__init__()
        self.slot_size = slot_size
        self.hidden_size = hidden_size
        self.embedding = nn.Embedding(self.slot_size, embedding_size)
        self.lstm = nn.LSTM(embedding_size + self.hidden_size * 2, self.hidden_size * 2, batch_first=True)
        self.attn = nn.Linear(self.hidden_size * 2, self.hidden_size * 2)
        self.slot_out = nn.Linear(self.hidden_size * 4, self.slot_size)
        self.intent_out = nn.Linear(self.hidden_size * 4, intent_size)

    def attention(self, hidden, encoder_outputs):
        energy = self.attn(encoder_outputs)
        score = torch.bmm(energy, hidden.transpose(1, 2)).squeeze(2)
        alpha = F.softmax(score, dim=1)
        return alpha.unsqueeze(1).bmm(encoder_outputs)

    def forward(self, input, context, encoder_outputs):
        embedded = self.embedding(input)
        hidden = None
        decode = []
        for i in range(encoder_outputs.size(1)):
            aligned = encoder_outputs[:, i].unsqueeze(1)
            out, hidden = self.lstm(torch.cat((embedded, context, aligned), 2), hidden)
            if i == 0:
                intent_score = self.intent_out(torch.cat((out, context), 2).squeeze(1))
            score = self.slot_out(torch.cat((out, context), 2).squeeze(1))
            decode.append(F.log_softmax(score, dim=1))
            embedded = self.embedding(score.argmax(1)).unsqueeze(1)
            context = self.attention(out, encoder_outputs)
        return torch.stack(decode, 1), intent_score


def run_once():
    encoder = Encoder(500, args["embedding_size"], args["hidden_size"])
    decoder = Decoder(args["slot_size"], args["intent_size"], args["embedding_size"], args["hidden_size"])
    x = torch.randint(0, 500, (args["batch"], args["max_length"]))
    output, hidden_c = encoder(x)
    start_decode = torch.zeros(args["batch"], 1, dtype=torch.long)
    tag_score, intent_score = decoder(start_decode, hidden_c, output)
    print(tag_score.shape, intent_score.shape)
    return tag_score


if __name__ == "__main__":
    run_once()

import torch


class Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.TransformerEncoderLayer(24, 4, 32, batch_first=True)

    def forward(self, x):
        return self.layer(x)


pretrained = Encoder()


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(24, 2)

    def forward(self, embedded):
        with torch.no_grad():
            out = pretrained(embedded)

        out = self.fc(out[:, 0])
        out = out.softmax(dim=1)
        return out


model = Model()
criterion = torch.nn.CrossEntropyLoss()


def train(batches):
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-4)
    model.train()
    for i, (embedded, labels) in enumerate(batches):
        out = model(embedded)
        loss = criterion(out, labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if i % 5 == 0:
            out = out.argmax(dim=1)
            print(i, loss.item(), (out == labels).sum().item() / len(labels))

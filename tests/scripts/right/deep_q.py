# A target network, actions chosen in between, a replay memory, pixels scaled inside the network.
import random

import torch
import torch.nn.functional as F
from torch import nn


class QNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 8, 4, stride=4)
        self.head = nn.Linear(8 * 16, 3)

    def forward(self, frames):
        x = frames.float() / 255.0
        return self.head(F.relu(self.conv(x)).flatten(1))


random.seed(0)
torch.manual_seed(0)
policy, target = QNetwork(), QNetwork()
target.load_state_dict(policy.state_dict())
target.eval()
optimizer = torch.optim.RMSprop(policy.parameters(), lr=2.5e-4)
memory = []
state = torch.randint(0, 256, (4, 16, 16), dtype=torch.uint8)
for step in range(40):
    with torch.no_grad():
        action = random.randrange(3) if random.random() < 0.3 else policy(state.unsqueeze(0)).argmax(1).item()
    after = torch.randint(0, 256, (4, 16, 16), dtype=torch.uint8)
    memory.append((state, action, random.random(), after))
    state = after
    if step < 20:
        continue
    states, actions, rewards, following = zip(*random.sample(memory, 16), strict=True)
    q = policy(torch.stack(states)).gather(1, torch.tensor(actions).unsqueeze(1)).squeeze(1)
    with torch.no_grad():
        best = target(torch.stack(following)).max(1).values
    loss = F.smooth_l1_loss(q, torch.tensor(rewards) + 0.99 * best)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(policy.parameters(), 100)
    optimizer.step()

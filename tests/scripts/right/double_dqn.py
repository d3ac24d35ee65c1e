import copy
import random

import torch
import torch.nn as nn

random.seed(6)
torch.manual_seed(6)


def env_step(s, a):
    s2 = max(0, min(9, s + (1 if a else -1)))
    return s2, (1.0 if s2 == 9 else 0.0), s2 == 9


def encode(states):
    return nn.functional.one_hot(torch.as_tensor(states), 10).float()


online = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
target = copy.deepcopy(online)
target.requires_grad_(False)
opt = torch.optim.Adam(online.parameters(), 1e-3)
buffer = []
updates = 0
for _episode in range(20):
    s, done, t = 0, False, 0
    while not done and t < 40:
        if random.random() < 0.4:
            a = random.randint(0, 1)
        else:
            with torch.no_grad():
                a = int(online(encode([s])).argmax())
        s2, r, done = env_step(s, a)
        buffer.append((s, a, r, s2, float(done)))
        s, t = s2, t + 1
        if len(buffer) < 50:
            continue
        S, A, R, S2, D = map(torch.tensor, zip(*random.sample(buffer, 32), strict=False))
        q = online(encode(S)).gather(1, A[:, None])[:, 0]
        with torch.no_grad():
            best = online(encode(S2)).argmax(1, keepdim=True)
            y = R + 0.9 * (1 - D) * target(encode(S2)).gather(1, best)[:, 0]
        loss = nn.functional.mse_loss(q, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        updates += 1
        if updates % 25 == 0:
            target.load_state_dict(online.state_dict())
print(updates, "updates")

# Actor and critic have optimizers of their own: what the policy's loss gives the critic is set back before its step.
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
actor = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 2))
critic = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
actor_optimizer = torch.optim.Adam(actor.parameters(), 1e-3)
critic_optimizer = torch.optim.Adam(critic.parameters(), 1e-3)
for _ in range(6):
    states = torch.randn(16, 4)
    policy = Categorical(logits=actor(states))
    actions = policy.sample()
    returns = states.gather(1, actions[:, None]).squeeze(1)
    advantage = returns - critic(states).squeeze(1)
    actor_optimizer.zero_grad()
    (-(policy.log_prob(actions) * advantage).mean()).backward()
    actor_optimizer.step()
    critic_optimizer.zero_grad()
    loss = nn.functional.mse_loss(critic(states).squeeze(1), returns)
    loss.backward()
    critic_optimizer.step()
print(loss.item())

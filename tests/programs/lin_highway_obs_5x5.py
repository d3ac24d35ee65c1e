import torch as th
from torch import nn


class ActorNetwork(nn.Module):
    """A network for actor"""

    def __init__(self, state_dim=25, hidden_size=128, output_size=5):
        super(ActorNetwork, self).__init__()
        self.fc1 = nn.Linear(state_dim, hidden_size)
        self.fc2 = nn.Linear(hidden_size, hidden_size)
        self.fc3 = nn.Linear(hidden_size, output_size)

    def __call__(self, state):
        out = nn.functional.relu(self.fc1(state))
        out = nn.functional.relu(self.fc2(out))
        return nn.functional.log_softmax(self.fc3(out), dim=-1)


def act():
    actor = ActorNetwork()
    env_state = th.rand(5, 5)
    return th.exp(actor(env_state))


if __name__ == "__main__":
    act()

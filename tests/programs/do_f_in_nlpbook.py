import torch.nn as nn
import torch.nn.functional as F


class SurnameClassifier(nn.Module):
    """ A 2-layer Multilayer Perceptron for classifying surnames """
    def __init__(self, input_dim, hidden_dim, output_dim):
        super(SurnameClassifier, self).__init__()
        self.fc1 = nn.Linear(input_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, output_dim)

    def forward(self, x_in, apply_softmax=False):
        """The forward pass of the classifier

        Args:
            x_in: an input data tensor, (batch, input_dim)
            apply_softmax: should be false if used with the Cross Entropy losses
        """
        intermediate = F.relu(self.fc1(x_in))
        prediction_vector = self.fc2(F.dropout(intermediate, p=0.5))

        if apply_softmax:
            prediction_vector = F.softmax(prediction_vector, dim=1)

        return prediction_vector

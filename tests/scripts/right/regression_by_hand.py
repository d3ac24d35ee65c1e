# No optimizer, no module: tensors updated in place.
import torch

torch.manual_seed(0)
x = torch.linspace(-3, 3, 200)
y = torch.sin(x)
a, b, c, d = (torch.randn((), requires_grad=True) for _ in range(4))
for step in range(50):
    predicted = a + b * x + c * x**2 + d * x**3
    loss = (predicted - y).pow(2).sum()
    if step % 10 == 0:
        print(step, loss.item())
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= 1e-6 * p.grad
            p.grad = None

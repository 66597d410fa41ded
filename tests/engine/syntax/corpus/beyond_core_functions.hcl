a = core::max(1, 2)
b = provider :: x :: f(1)

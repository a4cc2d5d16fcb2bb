hi ${n}

"""The till on screen. The only room that knows Qt; it shows views, sends commands, and decides nothing about money."""

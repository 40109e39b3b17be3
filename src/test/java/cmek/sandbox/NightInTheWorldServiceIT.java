package cmek.sandbox;

@InAnotherProcess(InTheWorld.class)
class NightInTheWorldServiceIT extends NightInTheWorldFacts {}

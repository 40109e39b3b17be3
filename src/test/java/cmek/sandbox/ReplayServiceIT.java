package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class ReplayServiceIT extends ReplayFacts {}

package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class WholeChainServiceIT extends WholeChainFacts {}

package cmek.sandbox;

@InAnotherProcess(InTheWorld.class)
class WholeChainServiceIT extends WholeChainFacts {}

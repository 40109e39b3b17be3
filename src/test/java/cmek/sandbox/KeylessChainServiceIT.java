package cmek.sandbox;

@InAnotherProcess(WithoutAKey.class)
class KeylessChainServiceIT extends KeylessChainFacts {}

package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class KeyHistoryServiceIT extends KeyHistoryFacts {}

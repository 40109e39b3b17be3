package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class LargeMessageServiceIT extends LargeMessageFacts {}

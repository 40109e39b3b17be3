package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class FaultMatrixServiceIT extends FaultMatrixFacts {}

package cmek.sandbox;

@InAnotherProcess(InTheWorld.class)
class FaultMatrixServiceIT extends FaultMatrixFacts {}

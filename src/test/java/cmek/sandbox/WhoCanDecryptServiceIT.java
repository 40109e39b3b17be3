package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class WhoCanDecryptServiceIT extends WhoCanDecryptFacts {}

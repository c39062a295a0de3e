// Runs veraPDF's own rules over PDF files: java -cp ... Rules <flavour> <file> [<flavour> <file>]...
// For each pair one line "<flavour> <file> compliant <n>" or "<flavour> <file> fails <clause-test>x<n> ...".
import java.io.FileInputStream;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public final class Rules {
    public static void main(String[] asked) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int at = 0; at + 1 < asked.length; at += 2) {
            PDFAFlavour flavour = PDFAFlavour.fromString(asked[at]);
            try (PDFAParser file = Foundries.defaultInstance().createParser(new FileInputStream(asked[at + 1]), flavour);
                 PDFAValidator rules = Foundries.defaultInstance().createValidator(flavour, false)) {
                ValidationResult found = rules.validate(file);
                StringBuilder line = new StringBuilder(asked[at] + "\t" + asked[at + 1] + "\t");
                if (found.isCompliant()) {
                    line.append("compliant\t").append(found.getTotalAssertions());
                } else {
                    TreeMap<String, Integer> faults = new TreeMap<>();
                    for (TestAssertion one : found.getTestAssertions()) {
                        if (one.getStatus() == TestAssertion.Status.FAILED) {
                            String name = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
                            faults.merge(name, 1, Integer::sum);
                        }
                    }
                    line.append("fails\t");
                    faults.forEach((name, times) -> line.append(name).append("x").append(times).append(" "));
                }
                System.out.println(line);
            }
        }
    }
}
